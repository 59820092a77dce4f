import { createHash } from 'node:crypto';
import { html, raw, type Markup } from './template.ts';

/** What is different in each page. */
export interface PageParts {
  readonly title: string;
  /** Of the whole page. */
  readonly style: string;
  readonly script?: string;
  /** The inside of the body. */
  readonly body: Markup;
}

/**
 * A self-contained page: it needs no network. Its policy allows only its own style and script, by their hashes, so nothing from
 * outside could run even if it were not escaped.
 */
export function pageOf({ title, style, script, body }: PageParts): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${raw(policyOf(style, script))}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        ${body} ${script === undefined ? undefined : raw(`<script>${script}</script>`)}
      </body>
    </html> `;
  return page.markup;
}

/** What a page is about, as names with their values. */
export function factList(facts: readonly (readonly [name: string, text: string])[]): Markup {
  return html`<dl class="about">
    ${facts.map(
      ([name, text]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl> `;
}

function policyOf(style: string, script: string | undefined): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
