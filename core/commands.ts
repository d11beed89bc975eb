import { decide } from './approval/decide';
import { expireRequests, withdrawUnsent } from './approval/expire';
import { listRequests } from './approval/listRequests';
import { makeCode, recordCode } from './approval/makeCode';
import { claimNotices, settleNotice } from './approval/notices';
import { readOutcome, readSignedOutcome } from './approval/outcome';
import { requestRuleChanges } from './approval/requestRuleChanges';
import { requestSignOff } from './approval/requestSignOff';
import { readDueResumes, recordResume } from './approval/resume';
import { viewRequest } from './approval/viewRequest';
import { viewRuleChange } from './approval/viewRuleChange';
import { withdrawRequest } from './approval/withdraw';
import { audienceCommands } from './audience';
import { adoptChannel, readAdoptionFacts } from './channel/adoptChannel';
import { readChannelAccess } from './channel/channelApi';
import { closeDesk, openDesk, readDesk, seeDesk } from './channel/deskAddress';
import { readDeskChannels } from './channel/deskChannels';
import { readStoreFacts } from './channel/check/storeFacts';
import { registerChannel } from './channel/registerChannel';
import { absorbWebhook } from './desk/absorb';
import { enterStrangers } from './desk/strangers';
import { claimDeliveries } from './dispatch/claimDeliveries';
import { directCommands } from './dispatch/direct';
import { finishRun } from './dispatch/finishRun';
import { recordResults } from './dispatch/recordResults';
import { readFinished, readOutcomes, readReport } from './dispatch/report';
import { startBroadcast } from './dispatch/startBroadcast';
import { inboxCommands } from './inbox';
import { appendNote } from './ledger/appendNote';
import { readEntries } from './ledger/readEntries';
import { verifyStore } from './ledger/verifyStore';
import { createDraft } from './message/createDraft';
import { readDraft } from './message/loadDraft';
import { findUpload, forgetUpload, recordUpload } from './message/mediaUpload';
import { recordNoticeIntent, recordNoticeOutcome } from './message/staffNotice';
import { enterSubmission } from './message/submitTemplate';
import type { Command } from './store/command';
import { checkStoreIdentity, createStoreIdentity, readStoreIdentity } from './store/identity';

/** Every transaction there is, by which the store's worker finds it. */
export const commands: ReadonlyArray<Command<never, unknown>> = [
	checkStoreIdentity,
	createStoreIdentity,
	readStoreIdentity,
	registerChannel,
	adoptChannel,
	readAdoptionFacts,
	readChannelAccess,
	readDeskChannels,
	openDesk,
	closeDesk,
	seeDesk,
	readDesk,
	readStoreFacts,
	...audienceCommands,
	createDraft,
	readDraft,
	recordNoticeIntent,
	recordNoticeOutcome,
	findUpload,
	recordUpload,
	forgetUpload,
	enterSubmission,
	requestSignOff,
	requestRuleChanges,
	viewRuleChange,
	viewRequest,
	decide,
	makeCode,
	recordCode,
	withdrawRequest,
	listRequests,
	claimNotices,
	settleNotice,
	readOutcome,
	readSignedOutcome,
	expireRequests,
	withdrawUnsent,
	readDueResumes,
	recordResume,
	startBroadcast,
	claimDeliveries,
	recordResults,
	finishRun,
	readReport,
	readFinished,
	readOutcomes,
	...directCommands,
	...inboxCommands,
	absorbWebhook,
	enterStrangers,
	appendNote,
	readEntries,
	verifyStore,
];
