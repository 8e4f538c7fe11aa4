// A picture of 1280 × 800, as large as the panel lets it be: what was tried face down at 350–500 mm keeps its
// proportions on every panel.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const WIDTH = 1280;
const HEIGHT = 800;

export function Panel({ children }: { children: ComponentChildren }) {
  const measure = (): number => Math.min(window.innerWidth / WIDTH, window.innerHeight / HEIGHT);
  const [scale, setScale] = useState(measure);
  useEffect(() => {
    const resized = (): void => setScale(measure());
    window.addEventListener('resize', resized);
    return () => window.removeEventListener('resize', resized);
  }, []);
  return (
    <div class="panel-room">
      <div class="panel" style={{ transform: `translate(-50%, -50%) scale(${scale})` }}>
        {children}
      </div>
    </div>
  );
}
