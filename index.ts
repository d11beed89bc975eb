/**
 * The package on one page.
 *
 * n8n loads the nodes and credentials that package.json lists, not this file. It is the list of contents for people, and
 * what another program gets that requires the package. Programs in apps import the core files they need.
 */
export { CivicWhatsAppApi } from './credentials/CivicWhatsAppApi.credentials';
export { CivicStoreApi } from './credentials/CivicStoreApi.credentials';

export { CivicWhatsApp } from './nodes/CivicWhatsApp/CivicWhatsApp.node';
export { CivicWhatsAppTrigger } from './nodes/CivicWhatsAppTrigger/CivicWhatsAppTrigger.node';
export { CivicDeskTrigger } from './nodes/CivicDeskTrigger/CivicDeskTrigger.node';
export { ApprovalGate } from './nodes/ApprovalGate/ApprovalGate.node';
export { AuditLog } from './nodes/AuditLog/AuditLog.node';
export { Audience } from './nodes/Audience/Audience.node';

export { CivicError, errorCodes, isCivicError, type ErrorCode } from './core/errors';
export { commands } from './core/commands';
export { SqliteEngine } from './core/store/sqlite/engine';
export type { Store } from './core/store/store';
export { Desk } from './core/desk/desk';
export { draftBroadcast } from './core/message/draftBroadcast';
export { requestSignOff } from './core/approval/requestSignOff';
export { sendBroadcast } from './core/dispatch/sendBroadcast';
export { sendDirect, sendDirectTemplate, type DirectReport } from './core/dispatch/direct';
export { uploadOnce } from './core/message/mediaUpload';
export { verifyStore } from './core/ledger/verifyStore';
export { createCloudApi, type CloudApi } from './core/whatsapp/cloudApi';
export { checkMessage, requireSendable, type MessageContent } from './core/whatsapp/messages/content';
export type { Problem } from './core/whatsapp/messages/problem';
export type { OutboundMessage } from './core/whatsapp/outboundMessage';
export { parseRecipient, type Recipient } from './core/whatsapp/recipient';
export { isE164, parsePhoneNumber } from './core/whatsapp/phoneNumber';
export { isUserId, parseUserId } from './core/whatsapp/userId';
export { checkParameters } from './core/whatsapp/parameterChecks';
export { parameterFields, unsupportedParts } from './core/whatsapp/templateParameters';
export { policyFor } from './core/whatsapp/errorPolicy';
