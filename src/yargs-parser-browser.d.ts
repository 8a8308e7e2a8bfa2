// yargs-parser's entry without Node.js modules has no declarations of its own; it is the same parser.
declare module 'yargs-parser/browser' {
  export { default } from 'yargs-parser';
}
