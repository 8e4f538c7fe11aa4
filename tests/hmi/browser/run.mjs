// The browser tests: the built page in headless Chromium against a running station.
//
//   node tests/hmi/browser/run.mjs --base http://127.0.0.1:8080 --artifacts build/artifacts [--only NAME]
//        [--gateway-pid PID] [--timeout-s 180]
//
// The station must be simulated and at rest, with a prescription whose set a simulated patient will train. What
// needs the gateway to die is done only when its process id is given (it is ended with SIGKILL, last of all).
// Exit status 0 when every test passed. Screenshots go to the artifacts folder.
import { mkdirSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openChromium } from './chromium.mjs';

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    artifacts: { type: 'string', default: 'build/artifacts' },
    only: { type: 'string' },
    'gateway-pid': { type: 'string' },
    'timeout-s': { type: 'string', default: '180' },
  },
});
if (values.base === undefined) {
  console.error('run.mjs: --base http://127.0.0.1:PORT is needed: the address that plinth-hmi printed');
  process.exit(2);
}
mkdirSync(values.artifacts, { recursive: true });

const here = dirname(fileURLToPath(import.meta.url));
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs') && (values.only === undefined || name.includes(values.only)))
  .sort();

const browser = await openChromium();
let failed = 0;
for (const file of files) {
  const { name, needsGatewayPid, test } = await import(pathToFileURL(join(here, file)).href);
  if (needsGatewayPid && values['gateway-pid'] === undefined) {
    console.log(`skip  ${name} (no --gateway-pid)`);
    continue;
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const complaints = [];
  const open = async (path, options = {}) => {
    const page = await context.newPage();
    if (options.reducedMotion) await page.emulateMedia({ reducedMotion: 'reduce' });
    page.setDefaultTimeout(Number(values['timeout-s']) * 1000);
    // What the page sends, frame by frame.
    if (options.onSent) page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => options.onSent(Buffer.from(payload))));
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
    page.on('console', (message) => {
      // A lost connection is logged by the browser itself; everything else of this kind is ours.
      if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION/.test(message.text())) complaints.push(`${path}: ${message.text()}`);
    });
    await page.goto(values.base + path);
    return page;
  };
  const began = Date.now();
  try {
    await test({
      open,
      artifact: (picture) => join(values.artifacts, `${picture}.png`),
      // When a story does something to the station: whoever watches the drive finds it there by the monotonic clock.
      mark: (deed) => console.log(`mark  ${deed} ${Number(process.hrtime.bigint()) / 1e9}`),
      killGateway: () => process.kill(Number(values['gateway-pid']), 'SIGKILL'),
      timeoutMs: Number(values['timeout-s']) * 1000,
    });
    if (complaints.length > 0) throw new Error(`the page complained:\n  ${complaints.join('\n  ')}`);
    console.log(`ok    ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n  ${String(error.stack ?? error).replaceAll('\n', '\n  ')}`);
    for (const [index, page] of context.pages().entries()) {
      await page.screenshot({ path: join(values.artifacts, `failed-${file}-${index}.png`) }).catch(() => {});
    }
  }
  await context.close();
}
await browser.close();
process.exitCode = failed === 0 && files.length > 0 ? 0 : 1;
