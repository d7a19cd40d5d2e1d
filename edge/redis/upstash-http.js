// The HTTP client of @upstash/redis without its two hundred commands, which are four fifths of the
// package and which no bundler can tell apart from used ones. The package exports them together
// only, so the file is named here: an update of the package renames it, and then nothing builds
// until the name is corrected.
export { HttpClient } from '../../node_modules/@upstash/redis/chunk-4WQYU7T6.mjs';
