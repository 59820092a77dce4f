import { UserError } from './errors.ts';

/** One of several equal parts of some work, each of which may be done on another machine. */
export interface Shard {
  /** Which part this is, from 1. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
}

/** More machines than anyone shares a run among. */
export const MOST_SHARDS = 1000;

/** Reads `2/5`. @throws UserError */
export function parseShard(text: string): Shard {
  const [, index = '', count = ''] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!isShard(shard)) {
    throw new UserError(
      `expected a part such as 1/3, from 1/1 to ${MOST_SHARDS}/${MOST_SHARDS}, got "${text}"`,
    );
  }
  return shard;
}

/** Whether values make a part. */
export function isShard({ index, count }: Shard): boolean {
  return [index, count].every(Number.isSafeInteger) && index >= 1 && index <= count && count <= MOST_SHARDS;
}

/**
 * Whether the piece of work with this number, from 0, is in this part. Neighbouring pieces, which often take equally
 * long, go to different parts.
 */
export function isIn(place: number, { index, count }: Shard): boolean {
  return place % count === index - 1;
}

/** The pieces of work in this part; all of them if nothing is shared out. */
export function partOf<Piece>(pieces: readonly Piece[], shard: Shard | undefined): readonly Piece[] {
  return shard === undefined ? pieces : pieces.filter((_piece, place) => isIn(place, shard));
}

/** Such as `2/5`. */
export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`;
}
