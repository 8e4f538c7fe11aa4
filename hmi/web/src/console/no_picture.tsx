// The console's cover: old values must not be taken for the present.
import { WayOff } from '../parts/way_off';
import { text } from '../text/text';
import { ageMs, linkState, liveness, trouble } from '../wire/station';

function why(): string {
  const now = trouble.value;
  if (!now || linkState.value === 'open') return '';
  if (now.kind === 'told') return `${now.reason.why} ${now.reason.nextStep}`;
  return text(now.kind === 'daemon' ? 'console-no-plinthd' : 'console-no-gateway');
}

export function Mismatch() {
  if (linkState.value !== 'mismatch') return null;
  return (
    <div class="no-picture" role="alert">
      <h2>{text('mismatch')}</h2>
      <p>{why()}</p>
      <p>{text('mismatch-hint')}</p>
    </div>
  );
}

export function NoPicture() {
  if (liveness.value !== 'gone' || linkState.value === 'mismatch') return null;
  const seconds = Number.isFinite(ageMs.value) ? Math.floor(ageMs.value / 1000) : 0;
  return (
    <div class="no-picture" role="alert">
      <h2>{text('console-no-picture', { seconds })}</h2>
      <p>{why()}</p>
      <p>{text('console-no-picture-hint')}</p>
      <details>
        <summary>{text('way-off-show')}</summary>
        <WayOff />
      </details>
    </div>
  );
}
