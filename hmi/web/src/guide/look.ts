// The colours that canvases paint with; the same numbers as in style/page.css. Red, yellow and cyan are for alarms
// alone and are not here.
export const LOOK = {
  background: '#0E1318',
  text: '#F2F5F7',
  muted: '#A9B4BF',
  hairline: '#34404B',
  bandFill: '#1E4C9A',
  bandEdge: '#7FB0FF',
  trace: '#C9D6EC',
  onTarget: '#3DCB8B',
  offTarget: '#E08AD0',
  stale: '#6E7C8A',
} as const;

export const FONT = '"Noto Sans", "DejaVu Sans", sans-serif';
