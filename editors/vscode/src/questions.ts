// Questions that follow one another. Leaving one ends them all.
import * as vscode from 'vscode';

/** Thrown when a question is left. */
export class Left extends Error {}

export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

/** Asks the questions of one task, numbered in their titles. */
export class Questions {
  private step = 0;

  constructor(
    private readonly title: string,
    private readonly total: number,
  ) {}

  /** Asks for a text. check returns what is wrong with it. */
  async text(prompt: string, check: (text: string) => string | undefined, placeHolder?: string, value?: string): Promise<string> {
    const text = await vscode.window.showInputBox({
      title: this.next(),
      prompt,
      placeHolder,
      value,
      ignoreFocusOut: true,
      validateInput: (t) => check(t.trim()),
    });
    return given(text).trim();
  }

  /** Asks for one of several. */
  async one<T>(placeHolder: string, choices: Choice<T>[]): Promise<T> {
    const chosen = await vscode.window.showQuickPick(choices, {
      title: this.next(),
      placeHolder,
      ignoreFocusOut: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return given(chosen).value;
  }

  /** Asks for any number of several; does not ask if there is nothing to choose. */
  async some<T>(placeHolder: string, choices: Choice<T>[]): Promise<T[]> {
    const title = this.next();
    if (choices.length === 0) {
      return [];
    }
    const chosen = await vscode.window.showQuickPick(choices, {
      title,
      placeHolder: `${placeHolder} (Enter without a mark: none)`,
      canPickMany: true,
      ignoreFocusOut: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return given(chosen).map((c) => c.value);
  }

  private next(): string {
    this.step++;
    return `${this.title} (${this.step}/${this.total})`;
  }
}

function given<T>(answer: T | undefined): T {
  if (answer === undefined) {
    throw new Left();
  }
  return answer;
}
