/** Names a key of a configuration and what was expected of it. */
export type Refuse = (path: string, message: string) => void;
