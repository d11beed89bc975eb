export type { Approver, Delegation, Deputy } from './approver';
export { noDirectMessages, type DirectMessageRules } from './directMessages';
export { parseRules } from './parseRules';
export type { ChannelRules } from './rules';
export type { Service } from './service';
export { readSpelledRules, spellRules } from './spelling';
export { staffOf } from './staff';
