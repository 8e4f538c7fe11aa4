// A canvas that is painted anew up to thirty times a second, in CSS pixels whatever the panel's density. At 80 px/s
// the eye sees no more in sixty, and a small panel computer has the rest for itself.
import { useEffect, useRef } from 'preact/hooks';

// Half a 60 Hz frame less than two of them: every second frame is painted, whatever the jitter.
const SHORTEST_MS = 25;

export interface CanvasProps {
  class: string;
  label: string;
  paint(context: CanvasRenderingContext2D, widthPx: number, heightPx: number, nowMs: number): void;
}

export function Canvas({ class: name, label, paint }: CanvasProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const painter = useRef(paint);
  painter.current = paint;
  useEffect(() => {
    let request = 0;
    let paintedMs = 0;
    const draw = (nowMs: number): void => {
      request = requestAnimationFrame(draw);
      if (nowMs - paintedMs < SHORTEST_MS) return;
      paintedMs = nowMs;
      const canvas = element.current;
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return;
      const { clientWidth, clientHeight } = canvas;
      // Sharp on a scaled panel too.
      const shownAt = clientWidth > 0 ? canvas.getBoundingClientRect().width / clientWidth : 1;
      const density = Math.min(3, window.devicePixelRatio * Math.max(1, shownAt));
      const width = Math.round(clientWidth * density);
      const height = Math.round(clientHeight * density);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      context.setTransform(density, 0, 0, density, 0, 0);
      painter.current(context, clientWidth, clientHeight, nowMs);
    };
    request = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(request);
  }, []);
  return <canvas ref={element} class={name} role="img" aria-label={label} />;
}
