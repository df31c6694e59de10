/** Editors by what their first word is called, and how they take a line. Others get the file alone. */
const plusLine =
  /^(n?vim?|vim?\.[a-z]+|view|ex|nano|pico|emacs|emacsclient|mg|jmacs|joe|jed|kak|micro|ne|less|mcedit|gedit)$/;
const colonLine = /^(subl|sublime_text|hx|helix|zed|zeditor)$/;
const gotoLine = /^(code|code-insiders|codium|cursor)$/;

/** The user's editor on a file as a program to start: `$VISUAL`, `$EDITOR`, else vi. They may hold arguments, so a shell reads them, as for git. */
export const editorCommand = (
  environment: NodeJS.ProcessEnv,
  file: string,
  line: number | null,
): { command: string; args: string[]; name: string } => {
  const editor = environment.VISUAL || environment.EDITOR || 'vi';
  const name = firstWord(editor).split('/').at(-1)!;
  return { command: '/bin/sh', args: ['-c', `${editor} "$@"`, editor, ...place(name, file, line)], name };
};

/** As the shell reads it: a path with blanks is quoted there. */
const firstWord = (command: string): string => {
  const [, double, single, plain] = /^\s*(?:"([^"]*)"|'([^']*)'|(\S*))/.exec(command)!;
  return double ?? single ?? plain!;
};

const place = (name: string, file: string, line: number | null): string[] => {
  if (line === null) return [file];
  if (plusLine.test(name)) return [`+${line}`, file];
  if (colonLine.test(name)) return [`${file}:${line}`];
  if (gotoLine.test(name)) return ['--wait', '--goto', `${file}:${line}`];
  return [file];
};
