// A ring that empties: the share of a moment that is left, with a number inside.
export function Ring({ left, number, words }: { left: number; number: string; words: string }) {
  const radius = 84;
  const round = 2 * Math.PI * radius;
  const share = Math.min(1, Math.max(0, left));
  return (
    <div class="ring">
      <svg viewBox="0 0 190 190" width="190" height="190" aria-hidden="true">
        <circle class="ring-track" cx="95" cy="95" r={radius} />
        {share > 0.004 && (
          <circle
            class="ring-left"
            cx="95"
            cy="95"
            r={radius}
            stroke-dasharray={`${share * round} ${round}`}
            transform="rotate(-90 95 95)"
          />
        )}
        <text class="ring-number" x="95" y="95" text-anchor="middle" dominant-baseline="central">
          {number}
        </text>
      </svg>
      <div class="ring-words">{words}</div>
    </div>
  );
}
