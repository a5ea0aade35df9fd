// The package has CommonJS alone for Node: bundled, its names can only be imported statically. Import this file where it shall load late.
export { LineCounter, parse, parseAllDocuments } from 'yaml';
