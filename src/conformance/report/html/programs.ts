import { endText } from '../programs.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from '../formats/html/template.ts';

/** How the program of a client ended in each scenario; the last output of one that failed is open. */
export function programsOf({ programs = [] }: Report): Markup | undefined {
  if (programs.length === 0) return undefined;
  return html`<h2 id="programs">How the client ended <span class="number">${programs.length}</span></h2>
    <p class="note">Exit codes are not judged. The last lines of standard error are shown.</p>
    <ul>
      ${programs.map((program) => {
        const { play, exitCode, stderr, stderrByteCount } = program;
        const head = html`<strong>${play}</strong> ${endText(program)}`;
        if (stderr.length === 0) return html`<li>${head}</li> `;
        return html`<li>
          <details ${exitCode === 0 ? undefined : html` open`}>
            <summary>${head} <span class="facts">${stderrByteCount} bytes of standard error</span></summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Last lines of ${play}">
              ${stderr.map((line) => html`<div><code>${line}</code></div> `)}
            </div>
          </details>
        </li> `;
      })}
    </ul> `;
}
