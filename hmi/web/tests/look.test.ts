// Contrast of every pair of colours that is used, by WCAG 2.2: 4.5:1 for text, 3:1 for shapes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOOK } from '../src/guide/look';

const css = readFileSync(new URL('../src/style/page.css', import.meta.url), 'utf8');

function theme(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(selector)).split('}')[0]!;
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]));
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const dark = theme('.dark {');
const light = { ...dark, ...theme('.light {') };

describe.each([
  ['dark', dark],
  ['light', light],
])('the %s theme', (_, colours) => {
  it.each(['text', 'muted', 'on-target', 'off-target'])('shows %s as text', (name) => {
    expect(contrast(colours[name]!, colours['background']!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours[name]!, colours['surface']!)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['border', 'accent', 'band-edge'])('shows %s as a shape', (name) => {
    expect(contrast(colours[name]!, colours['background']!)).toBeGreaterThanOrEqual(3);
  });
  it('keeps the tube\'s edge, the dot and its opposite apart from the tube', () => {
    for (const name of ['on-target', 'off-target']) {
      expect(contrast(colours[name]!, colours['band-fill']!)).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('alarms', () => {
  it('are read in black on their colour', () => {
    for (const name of ['alarm-high', 'alarm-medium', 'alarm-low']) {
      expect(contrast('#000000', dark[name]!)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast('#ffffff', dark['stop']!)).toBeGreaterThanOrEqual(4.5);
  });
  it('have their colours for themselves', () => {
    const alarms = [dark['alarm-high'], dark['alarm-medium'], dark['alarm-low']];
    for (const colour of Object.values(LOOK)) expect(alarms).not.toContain(colour.toLowerCase());
  });
});

describe('canvas and style sheet', () => {
  it('use the same colours', () => {
    expect(LOOK.bandFill.toLowerCase()).toBe(dark['band-fill']);
    expect(LOOK.bandEdge.toLowerCase()).toBe(dark['band-edge']);
    expect(LOOK.onTarget.toLowerCase()).toBe(dark['on-target']);
    expect(LOOK.offTarget.toLowerCase()).toBe(dark['off-target']);
    expect(LOOK.background.toLowerCase()).toBe(dark['background']);
  });
});
