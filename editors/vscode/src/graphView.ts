// Runs inside of the graph's webview: follows the theme, opens files, zooms.
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): { zoom?: number } | undefined;
  setState(state: { zoom: number }): void;
};

const editor = acquireVsCodeApi();
const picture = document.querySelector('svg');

if (picture) {
  followTheme(picture);
  openFiles(picture);
  zoom(picture);
}

// The picture has colours for light and dark schemes of the system; here the editor's theme decides.
function followTheme(svg: SVGSVGElement): void {
  const sheet = svg.querySelector('style')?.sheet;
  const dark = [...(sheet?.cssRules ?? [])].filter(
    (rule): rule is CSSMediaRule => rule instanceof CSSMediaRule && rule.conditionText.includes('prefers-color-scheme'),
  );
  const follow = (): void => {
    const isDark = document.body.dataset.vscodeThemeKind?.endsWith('light') === false;
    for (const rule of dark) {
      rule.media.mediaText = isDark ? 'all' : 'not all';
    }
  };
  follow();
  new MutationObserver(follow).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
}

function openFiles(svg: SVGSVGElement): void {
  const open = (target: EventTarget | null): boolean => {
    const file = target instanceof Element ? target.closest<SVGElement>('[data-file]')?.dataset.file : undefined;
    if (file !== undefined) {
      editor.postMessage({ open: file });
    }
    return file !== undefined;
  };
  for (const part of svg.querySelectorAll('[data-file]')) {
    part.setAttribute('tabindex', '0');
    part.setAttribute('role', 'link');
  }
  svg.addEventListener('click', (event) => open(event.target));
  svg.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' || event.key === ' ') && open(event.target)) {
      event.preventDefault();
    }
  });
}

// At first the picture is as wide as the panel. Ctrl and the wheel zoom; the factor is kept while the panel is hidden.
function zoom(svg: SVGSVGElement): void {
  const width = svg.viewBox.baseVal.width;
  const height = svg.viewBox.baseVal.height;
  let factor = editor.getState()?.zoom ?? Math.min(1, Math.max(0.6, (window.innerWidth - 16) / width));
  const show = (): void => {
    svg.setAttribute('width', String(width * factor));
    svg.setAttribute('height', String(height * factor));
  };
  show();
  window.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        factor = Math.min(4, Math.max(0.25, factor * (event.deltaY < 0 ? 1.1 : 1 / 1.1)));
        editor.setState({ zoom: factor });
        show();
      }
    },
    { passive: false },
  );
}
