import type { Command } from '../../store/command';
import { findAnsweredMessage } from './answeredMessage';
import { readReceiptTarget } from './markRead';
import { recordDirectIntent } from './recordIntent';
import { recordDirectOutcome } from './recordOutcome';

export { sendDirect, sendDirectTemplate, type DirectReport, type DirectSender } from './sendDirect';
export { markConversationRead } from './markRead';
export type { AnsweredRef } from './answeredMessage';
export type { PersonRef } from './person';

/** What the store's worker runs for messages to one person. */
export const directCommands: ReadonlyArray<Command<never, unknown>> = [recordDirectIntent, recordDirectOutcome, findAnsweredMessage, readReceiptTarget];
