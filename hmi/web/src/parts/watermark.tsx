// Whoever looks at a simulated station must not take it for a real one.
import { simulation } from '../wire/station';
import { text } from '../text/text';

export function Watermark() {
  return simulation.value ? <div class="watermark">{text('simulation')}</div> : null;
}
