// The schema, compiled to TypeScript by Debian's protoc with protobuf-es's plug-in. Runs before build, lint
// and test; does nothing when the output is newer than the schema.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const proto = join(web, '..', '..', 'proto');
const out = join(web, 'src', 'gen');
const age = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (age(join(out, 'plinth', 'v1', 'plinth_pb.ts')) <= age(join(proto, 'plinth', 'v1', 'plinth.proto'))) {
  mkdirSync(out, { recursive: true });
  execFileSync(
    'protoc',
    [
      `--plugin=protoc-gen-es=${join(web, 'node_modules', '.bin', 'protoc-gen-es')}`,
      `--es_out=${out}`,
      '--es_opt=target=ts',
      `-I${proto}`,
      'plinth/v1/plinth.proto',
    ],
    { stdio: 'inherit' },
  );
}
