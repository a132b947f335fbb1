/**
 * Is the server's answer one that an honest log can give? Every phone checks for itself: the receipt against its own
 * statement, the promise, the checkpoint's signature, that the log only ever grew, and each proof. Pure.
 */
import type { LogProofs, LogRotation } from '@shared/api/contract'
import { base64url, fromBase64url, utf8 } from '@shared/kit/crypto/encoding'
import { canonical } from '@shared/kit/crypto/jcs'
import { sha256 } from '@shared/kit/crypto/keys'
import { isConsistent, isIncluded, leafHash } from '@shared/kit/crypto/merkle'
import {
  BadNote,
  type Checkpoint,
  checkEd25519,
  checkNote,
  type Note,
  readCheckpoint,
  readNote,
  verifierKey,
} from '@shared/kit/crypto/note'
import type { AlarmKind, StatementRow } from '../db/rows'
import type { Seen, SeenCheckpoint } from './seen'

/** The log did what an honest one never does. */
export class LogFault extends Error {
  override readonly name = 'LogFault'
  constructor(
    readonly kind: AlarmKind,
    readonly fact: string,
    readonly evidence: unknown,
  ) {
    super(kind)
  }
}

const bytesOf = (texts: readonly string[]) => texts.map(fromBase64url)
const hexToBase64url = (text: string): string =>
  base64url(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))

/** The leaf that this statement must have, from what this phone signed; from the receipt where only that was kept. */
export async function expectedLeaf(row: StatementRow): Promise<string> {
  const receipt = row.receipt
  if (!receipt) throw new Error('no receipt')
  let [stmt, env] = [hexToBase64url(receipt.statement_sha256), hexToBase64url(receipt.env_sha256)]
  if (row.statement !== null && row.signature !== null) {
    const [statement, signature] = [fromBase64url(row.statement), fromBase64url(row.signature)]
    stmt = base64url(await sha256(statement))
    env = base64url(await sha256(Uint8Array.of(...statement, ...signature)))
  }
  return canonical({ t: 'leaf/1', k: 'statement', env, stmt, recv_ms: receipt.recv_ms })
}

const PROMISE = utf8('zhicha/promise/1\n')

/** The hash of the leaf to ask for. Throws when the receipt is one of another statement. */
export async function leafToAskFor(row: StatementRow): Promise<string> {
  const leaf = await expectedLeaf(row)
  const received = row.receipt?.leaf ?? leaf
  if (received !== leaf) throw new LogFault('proof_wrong', `receipt:${row.id}`, { expected: leaf, received })
  return base64url(await leafHash(utf8(leaf)))
}

/** Throws when the promise was made by none of the keys that the log has had. */
export async function checkPromise(row: StatementRow, keys: readonly string[]): Promise<void> {
  const promise = row.receipt?.promise
  if (!promise) return
  const leaf = await expectedLeaf(row)
  const promised = Uint8Array.of(...PROMISE, ...utf8(leaf))
  for (const key of keys)
    if (await checkEd25519((await verifierKey(key)).key, fromBase64url(promise), promised)) return
  throw new LogFault('proof_wrong', `promise:${row.id}`, { leaf, promise, keys })
}

function parsed(text: string): { note: Note; checkpoint: Checkpoint } {
  try {
    const note = readNote(text)
    return { note, checkpoint: readCheckpoint(note) }
  } catch (error) {
    if (error instanceof BadNote)
      throw new LogFault('proof_wrong', `checkpoint:${text.slice(0, 200)}`, { checkpoint: text })
    throw error
  }
}

/** Which keys sign now: the pinned ones, and those that the pinned ones themselves introduced. */
async function follow(
  keys: readonly string[],
  rotations: readonly LogRotation[],
): Promise<readonly string[]> {
  const known = [...keys]
  for (const { leaf, checkpoint: text, index, hashes } of rotations) {
    if (known.includes(leaf.vkey)) continue
    const { note, checkpoint } = parsed(text)
    const before = await verifierKey(known.at(-1) ?? '')
    const included = await isIncluded({
      leaf: await leafHash(utf8(canonical({ t: 'leaf/1', k: 'log-key', vkey: leaf.vkey }))),
      index,
      size: checkpoint.size,
      hashes: bytesOf(hashes),
      root: checkpoint.root,
    })
    if (!included || !(await checkNote(note, before))) break
    if (!(await checkNote(note, await verifierKey(leaf.vkey)))) break
    known.push(leaf.vkey)
  }
  return known
}

export interface Checked {
  keys: readonly string[]
  checkpoint: SeenCheckpoint
  /** Leaf hash → place in the log. */
  proven: Map<string, number>
}

/** Everything in the answer holds, or a `LogFault` says what does not. */
export async function checkAnswer(
  answer: LogProofs,
  seen: Pick<Seen, 'keys' | 'checkpoint'>,
): Promise<Checked> {
  const { note, checkpoint } = parsed(answer.checkpoint)
  const before = seen.checkpoint

  let keys: readonly string[] = seen.keys
  let signed = await checkNote(note, await verifierKey(keys.at(-1) ?? ''))
  if (!signed) {
    keys = await follow(keys, answer.rotations)
    signed = await checkNote(note, await verifierKey(keys.at(-1) ?? ''))
  }
  if (!signed)
    throw new LogFault('key_changed', keys.at(-1) ?? '', {
      trusted: keys,
      seen: before?.note ?? null,
      received: answer.checkpoint,
    })

  if (before) {
    const grew = await isConsistent({
      old: { size: before.size, root: rootOf(before) },
      now: { size: checkpoint.size, root: checkpoint.root },
      hashes: bytesOf(answer.consistency),
    })
    if (!grew)
      throw new LogFault('inconsistent', before.cp, {
        seen: before.note,
        received: answer.checkpoint,
        consistency: answer.consistency,
      })
  }

  const proven = new Map<string, number>()
  for (const [leaf, { index, hashes }] of Object.entries(answer.proofs)) {
    const included = await isIncluded({
      leaf: fromBase64url(leaf),
      index,
      size: checkpoint.size,
      hashes: bytesOf(hashes),
      root: checkpoint.root,
    })
    if (!included)
      throw new LogFault('proof_wrong', leaf, { leaf, index, hashes, checkpoint: answer.checkpoint })
    proven.set(leaf, index)
  }
  const cp = base64url(await sha256(utf8(checkpoint.body)))
  return {
    keys,
    checkpoint: { size: checkpoint.size, root: base64url(checkpoint.root), cp, note: answer.checkpoint },
    proven,
  }
}

const rootOf = ({ root }: SeenCheckpoint) => fromBase64url(root)

/** Trust on first sight: the keys that the server names, up to the one that signed what it shows. */
export async function firstKeys(note: string, offered: readonly string[]): Promise<readonly string[]> {
  const { note: read } = parsed(note)
  for (let last = offered.length; last > 0; last--)
    if (await checkNote(read, await verifierKey(offered[last - 1] ?? ''))) return offered.slice(0, last)
  return []
}
