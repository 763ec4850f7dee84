export type * from './api.js'; // a type a schema of the document: the file is made from it
export { ApiError } from './api-error.js';
export { answerOf, createClient, type Client, type ClientOptions } from './client.js';
export { ConnectionLost, type FollowOptions, type LogNews } from './follow.js';
