import type { Command } from '../store/command';
import { confirmEvents, releaseHandovers, takeEvents } from './handOver';
import { listConversations } from './listConversations';
import { readEvent } from './readEvent';
import { findReceivedFile } from './receivedFile';
import { subscribe, unsubscribe } from './subscribe';

export { recordInbound, type RecordedInbound } from './recordInbound';
export { subscribe, unsubscribe, type Subscription } from './subscribe';
export { confirmEvents, releaseHandovers, takeEvents, type HandedEvent } from './handOver';
export { readEvent, type OpenedEvent } from './readEvent';
export { listConversations, type ConversationSummary } from './listConversations';
export { findReceivedFile } from './receivedFile';
export { inboxKinds, type InboxEventRef, type InboxKind } from './inboxEvent';

/** What the store's worker runs for this part of the domain. */
export const inboxCommands: ReadonlyArray<Command<never, unknown>> = [subscribe, unsubscribe, takeEvents, confirmEvents, releaseHandovers, readEvent, listConversations, findReceivedFile];
