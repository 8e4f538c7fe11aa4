// Why was it stopped? One touch answers; words of a person who lies face down, and large.
import { create } from '@bufbuild/protobuf';
import { StopReason, TellReasonSchema, type Command } from '../gen/plinth/v1/plinth_pb';
import { text } from '../text/text';

export const REASONS = [StopReason.SHARP_PAIN, StopReason.HEAVINESS, StopReason.TINGLING, StopReason.TIRED, StopReason.OTHER] as const;

// The answer as it is sent; `words` are what a console has written down beside it.
export function told(reason: StopReason, words = ''): Command['body'] {
  return { case: 'tellReason', value: create(TellReasonSchema, { reason, words: [...words.trim()].slice(0, 200).join('') }) };
}

export function Reasons({ onTell }: { onTell(reason: StopReason): void }) {
  return (
    <div class="reasons">
      {REASONS.map((reason) => (
        <button type="button" class="act" key={reason} data-reason={StopReason[reason]} onClick={() => onTell(reason)}>
          {text(`reason-${reason}`)}
        </button>
      ))}
    </div>
  );
}
