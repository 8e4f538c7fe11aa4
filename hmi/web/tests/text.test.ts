import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { brief, clock, kilogramsOf, parsed, shown } from '../src/text/numbers';
import { has, text } from '../src/text/text';
import { Stage, Phase } from '../src/gen/plinth/v1/plinth_pb';
import { FIELDS } from '../src/console/form';

const SOURCES = new URL('../src', import.meta.url).pathname;

function sources(): { path: string; tree: ts.SourceFile }[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('gen'))
    .map((path) => ({
      path,
      tree: ts.createSourceFile(path, readFileSync(join(SOURCES, path), 'utf8'), ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX),
    }));
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

describe('numbers', () => {
  it('are read with comma or point and any minus', () => {
    expect(parsed('12,5')).toBe(12.5);
    expect(parsed(' 12.5 ')).toBe(12.5);
    expect(parsed('−60')).toBe(-60);
    expect(parsed('-60')).toBe(-60);
    expect(parsed('.5')).toBe(0.5);
    expect(parsed('0')).toBe(0);
  });
  it('are no numbers when nobody can say which', () => {
    for (const typed of ['', ' ', 'x', '1.234,5', '1,2,3', '1e3', '0x10', 'NaN', 'Infinity', '--1', '-', ',', '1 2']) {
      expect(parsed(typed), typed).toBeUndefined();
    }
  });
  it('are shown with a real minus sign and no negative zero', () => {
    expect(shown(-0.4)).toBe('0');
    expect(shown(-12.34, 1)).toBe('−12.3');
    expect(brief(2.5)).toBe('2.5');
    expect(brief(-60)).toBe('−60');
    expect(parsed(brief(-12.25))).toBe(-12.25);
  });
  it('tell seconds as a clock, and newtons as kilograms', () => {
    expect(clock(90)).toBe('1:30');
    expect(clock(5.2)).toBe('0:06');
    expect(clock(0)).toBe('0:00');
    expect(kilogramsOf(98.0665)).toBeCloseTo(10);
  });
});

describe('words', () => {
  it('stand only in the .ftl files', () => {
    const found: string[] = [];
    for (const { path, tree } of sources()) {
      visit(tree, (node) => {
        if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) found.push(`${path}: ${node.text.trim()}`);
        if (ts.isJsxAttribute(node) && ['aria-label', 'title', 'placeholder', 'alt', 'label'].includes(node.name.getText())) {
          const value = node.initializer;
          if (value && ts.isStringLiteral(value) && /\p{L}/u.test(value.text)) found.push(`${path}: ${value.text}`);
        }
      });
    }
    expect(found).toEqual([]);
  });
  it('exist for every id that the page asks for', () => {
    const missing: string[] = [];
    for (const { path, tree } of sources()) {
      visit(tree, (node) => {
        if (!ts.isCallExpression(node) || node.expression.getText() !== 'text') return;
        visit(node.arguments[0]!, (part) => {
          // Only ids that are written out, as themselves or as one side of a choice.
          if (!ts.isStringLiteral(part) || ts.isBinaryExpression(part.parent)) return;
          if (!has(part.text)) missing.push(`${path}: ${part.text}`);
        });
      });
    }
    expect(missing).toEqual([]);
  });
  it('exist for every stage, phase and field', () => {
    for (const stage of Object.values(Stage).filter(Number.isInteger)) expect(has(`stage-${stage}`), `${stage}`).toBe(true);
    for (const phase of Object.values(Phase).filter(Number.isInteger)) expect(has(`phase-${phase}`), `${phase}`).toBe(true);
    for (const { label, unit } of Object.values(FIELDS)) {
      expect(has(label)).toBe(true);
      if (unit) expect(has(unit)).toBe(true);
    }
  });
  it('exist for every cue and every end of a set that the station may name', () => {
    const cues = ['hold_both_grips', 'get_ready', 'lift', 'hold', 'lower', 'rest', 'slower', 'faster', 'higher', 'enough', 'ease_down', 'even_legs', 'last_one', 'set_done', 'stopped', 'lighter', 'range_first'];
    for (const cue of cues) expect(has(`cue-${cue}`), cue).toBe(true);
    const ends = ['completed', 'stopped', 'tempo', 'range', 'sag', 'fatigue', 'grip', 'comfort_stop', 'patient_left', 'legs_dropped', 'spasm', 'fault', 'estop'];
    for (const end of ends) expect(has(`end-${end}`), end).toBe(true);
  });
  it('do not frighten', () => {
    const words = readFileSync(join(SOURCES, 'text', 'en.ftl'), 'utf8');
    expect(words).not.toMatch(/\b(danger|damage|wrong|injur|fail)/i);
  });
  it('are filled in', () => {
    expect(text('set-of', { set: 2, sets: 3 })).toBe('Set 2 of 3');
    expect(text('rest-next', { set: 2, sets: 3, reps: 1 })).toBe('Next: set 2 of 3, 1 lift');
  });
});
