// The console's cover: old values must not be taken for the present.
import { text } from '../text/text';
import { ageMs, linkState, linkWhy, liveness } from '../wire/station';

function why(): string {
  if (linkState.value === 'waiting' || linkState.value === 'connecting') {
    return linkWhy.value.startsWith('plinthd') ? text('console-no-plinthd') : text('console-no-gateway');
  }
  return '';
}

export function NoPicture() {
  if (linkState.value === 'mismatch') {
    return (
      <div class="no-picture" role="alert">
        <h2>{text('mismatch')}</h2>
        <p>{text('mismatch-hint')}</p>
      </div>
    );
  }
  if (liveness.value !== 'gone') return null;
  const seconds = Number.isFinite(ageMs.value) ? Math.floor(ageMs.value / 1000) : 0;
  return (
    <div class="no-picture" role="alert">
      <h2>{text('console-no-picture', { seconds })}</h2>
      <p>{why()}</p>
      <p>{text('console-no-picture-hint')}</p>
    </div>
  );
}
