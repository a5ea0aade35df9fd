import { didYouMean } from '../estate/suggest.ts';

/** What a command takes, for messages about what it does not. */
export interface KnownCommand {
  readonly name: string;
  readonly optionNames: readonly string[];
}

type Say = (matched: RegExpExecArray) => string;

/** What is wrong with a command line, in our words: the parser's own name no option as a person typed it. */
export function usageMessage(message: string, args: readonly string[], commands: readonly KnownCommand[]): string {
  const text = message.trim().replaceAll(/\s*\n\s*/g, ' ');
  const command = commands.find(({ name }) => args.includes(name));
  const rules: readonly (readonly [RegExp, Say])[] = [
    [/^Unknown arguments?: (.*)$/, ([, names = '']) => unknown(names.split(', '), args, command, commands)],
    [/^Did you mean (\S+)\?$/, ([, name]) => `There is no command "${wordOf(args)}" (did you mean "${name}"?).`],
    [
      /^Invalid values: Argument: (\S+), Given: (.*), Choices: (.*)$/,
      ([, name, given, choices = '']) => `--${name} takes ${choices.replaceAll('"', '').replaceAll(', ', ' or ')}, not ${given}.`,
    ],
    [/^Not enough arguments following: (\S+)$/, ([, name]) => `--${name} wants a value.`],
    [
      /^Missing required arguments?: (.*)$/,
      ([, names = '']) =>
        `${names
          .split(', ')
          .map((name) => `--${name}`)
          .join(', ')} is missing.`,
    ],
  ];
  for (const [pattern, say] of rules) {
    const matched = pattern.exec(text);
    if (matched !== null) return say(matched);
  }
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** Where help is: with the command, if one was named. */
export function usageRemedy(args: readonly string[], commands: readonly KnownCommand[]): string {
  const name = commands.find((command) => args.includes(command.name))?.name;
  return `See eks-dr ${name === undefined ? '' : `${name} `}--help.`;
}

function unknown(
  names: readonly string[],
  args: readonly string[],
  command: KnownCommand | undefined,
  commands: readonly KnownCommand[],
): string {
  // The parser tells of --incident-att as incidentAtt too.
  const typed = names.filter((name) => args.some((arg) => arg === name || typedAs(name).test(arg)));
  const sentences = (typed.length === 0 ? names : typed).map((name) => {
    if (args.includes(name)) {
      if (command !== undefined) return `"${name}" is one word too many.`;
      const meant = didYouMean(
        name,
        commands.map((each) => each.name),
      );
      return `There is no command "${name}"${meant === undefined ? '' : ` (${meant})`}.`;
    }
    const meant = didYouMean(name, command?.optionNames ?? [])?.replace('"', '"--');
    const asTyped = args.find((arg) => typedAs(name).test(arg))?.replace(/=.*$/s, '') ?? `--${name}`;
    return `There is no option ${asTyped}${meant === undefined ? '' : ` (${meant})`}.`;
  });
  return sentences.join(' ');
}

function typedAs(name: string): RegExp {
  return new RegExp(`^--?${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(=|$)`);
}

function wordOf(args: readonly string[]): string {
  return args.find((arg) => !arg.startsWith('-')) ?? '';
}
