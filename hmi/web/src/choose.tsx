import { text } from './text/text';

export function Choose() {
  return (
    <main class="choose">
      <h1>{text('choose-title')}</h1>
      <a href="/patient">
        <strong>{text('choose-patient')}</strong>
        <span>{text('choose-patient-hint')}</span>
      </a>
      <a href="/console">
        <strong>{text('choose-console')}</strong>
        <span>{text('choose-console-hint')}</span>
      </a>
    </main>
  );
}
