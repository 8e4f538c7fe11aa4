// Debian's Chromium, driven by playwright-core (browser downloads are not needed).
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

// The packages are those of the page: hmi/web/package.json.
const web = createRequire(new URL('../../../hmi/web/package.json', import.meta.url));
export const { chromium } = web('playwright-core');
export const axe = () => web('@axe-core/playwright').default;

export async function openChromium() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing: apt-get install chromium`);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
