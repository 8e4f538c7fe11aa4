// Numbers as people read and write them.

const MINUS = '\u2212';
const STANDARD_GRAVITY = 9.80665; // m/s², CGPM 1901

// With `digits` decimals, a real minus sign, and no "-0".
export function shown(value: number, digits = 0): string {
  const fixed = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(fixed) !== 0 ? MINUS : '') + fixed;
}

// As short as it can be: 2, 2.5, 0.25.
export function brief(value: number): string {
  return (value < 0 ? MINUS : '') + String(Math.round(Math.abs(value) * 100) / 100);
}

export function kilogramsOf(newtons: number): number {
  return newtons / STANDARD_GRAVITY;
}

// What a person typed: a decimal comma or point, any minus sign, spaces around. Nothing when it is no number;
// a text with both comma and point is none, since nobody can say which of them groups thousands.
export function parsed(typed: string): number | undefined {
  const text = typed.trim().replace(/[\u2212\u2013]/g, '-').replace(',', '.');
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return undefined;
  return Number(text);
}

// 95 seconds: "1:35".
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds - 0.001));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
