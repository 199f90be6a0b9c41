/**
 * A text without the byte order mark that some editors begin a file with, which JSON.parse refuses.
 */
export const withoutByteOrderMark = (text: string): string => text.replace(/^\uFEFF/, '');
