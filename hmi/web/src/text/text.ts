// Every word on the page comes from a .ftl file (Project Fluent); a test looks that none is written elsewhere.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import english from './en.ftl?raw';

const bundle = new FluentBundle('en', { useIsolating: false });
bundle.addResource(new FluentResource(english));

export function has(id: string): boolean {
  return bundle.hasMessage(id);
}

// The words of message `id`. An id that is not there shows itself: a screen with a hole is worse.
export function text(id: string, values?: Record<string, FluentVariable>): string {
  const pattern = bundle.getMessage(id)?.value;
  return pattern ? bundle.formatPattern(pattern, values) : id;
}
