import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const sheet = (name: string) => readFileSync(join(__dirname, name), 'utf8');

/** The look of the desk's pages: what they use of govuk-frontend (`npx gulp style` renews it), then what is ours. */
export const pageStyle = `${sheet('govuk.css')}${sheet('desk.css')}`;
