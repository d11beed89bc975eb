import { type Bench } from '../bench';
export const sandboxBench: Bench<'seconds'> = { name: 'sandbox', measures: '', options: { seconds: { default: 1, meaning: '' } }, run: () => Promise.reject(new Error('')) };
