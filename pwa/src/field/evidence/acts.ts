/** Signed acts beside captures: declaring one void, a note to one or to the visit, and who stands by a seal. */
import { monoMs, wallMs, zoneMinutes } from '@shared/kit/clock'
import { base64url } from '@shared/kit/crypto/encoding'
import { canonicalBytes } from '@shared/kit/crypto/jcs'
import { sha256 } from '@shared/kit/crypto/keys'
import { newId } from '@shared/kit/ids'
import { device, session as signedIn } from '../access/session'
import { db, durable } from '../db/db'
import type { OutboxRow, Said, SessionRow, StatementRow, VisitRow } from '../db/rows'
import {
  type Author,
  currentSession,
  keepSeal,
  keepStatement,
  linkAfter,
  mustStandAt,
  openSession,
  prepareSeal,
  signed,
  whileMoving,
  withChain,
} from './chain'
import { type ClockPair, cosignStatement, discardStatement, type Link, noteStatement } from './statement'

type Bytes = Uint8Array<ArrayBuffer>

export class NotSignedIn extends Error {
  override readonly name = 'NotSignedIn'
}

export function author(): Author {
  const person = signedIn.value?.person.id
  const phone = device.value?.id
  if (!person || !phone) throw new NotSignedIn()
  return { person_id: person, device_id: phone, app: __BUILD__ }
}

export const clockNow = (): ClockPair => ({ wall_ms: wallMs(), mono_ms: monoMs(), tz_min: zoneMinutes() })

/** Salted, so that nobody can find a name or a text by trying. */
const secret = (part: { readonly [key: string]: string | null }): Bytes =>
  canonicalBytes({ ...part, salt: base64url(crypto.getRandomValues(new Uint8Array(16))) })

type ActKind = 'capture.discard' | 'note.add' | 'session.cosign'
interface Act {
  id: string
  kind: ActKind
  clock: ClockPair
  subject: string
  said: Said
  statement(link: Link): Bytes
  private?: Bytes
}

/** Signs after the chain's end and keeps statement, outbox row and new end together. */
async function append(session: SessionRow, act: Act): Promise<void> {
  const { id, kind } = act
  const statement = act.statement(linkAfter(session))
  const operation = {
    kind,
    id,
    ...(await signed(session.private_key, statement)),
    ...(act.private ? { private: base64url(act.private) } : {}),
  } as OutboxRow['operation']
  const head = base64url(await sha256(statement))
  const label = { kind, at: act.clock.wall_ms, subject: act.subject }
  await durable(() =>
    db.transaction('rw', db.sessions, db.outbox, db.statements, async () => {
      await mustStandAt(session)
      await keepStatement(operation, session, label, act.said)
      await db.sessions.update(session.id, { seq: session.seq + 1, prev: head })
    }),
  )
}

type VisitHead = Pick<VisitRow, 'id' | 'title'>

/** In the open chain of the visit, or in a new one; that is sealed at once when the visit is over on this phone. */
const appendToVisit = (visit: VisitHead, act: Act, over: boolean): Promise<void> =>
  withChain(() =>
    whileMoving(async () => {
      await append(await openSession(visit.id, author(), act.clock, visit.title), act)
      const open = over ? await currentSession(visit.id) : undefined
      if (open) await keepSeal(await prepareSeal(open, act.clock), visit.title, null)
    }),
  )

/** The photo stays, on the phone and on the server; from now on it counts as void, for this reason. */
export async function discardCapture(
  visit: VisitHead,
  capture: string,
  reason: string,
  over: boolean,
): Promise<void> {
  const id = newId()
  const clock = clockNow()
  const statement = (link: Link) => discardStatement({ id, capture, reason, clock }, link)
  await appendToVisit(
    visit,
    { id, kind: 'capture.discard', clock, subject: visit.title, said: { reason }, statement },
    over,
  )
}

export async function addNote(
  visit: VisitHead,
  about: string | null,
  text: string,
  over: boolean,
): Promise<void> {
  const id = newId()
  const clock = clockNow()
  const part = secret({ who: author().person_id, text })
  const private_sha256 = await sha256(part)
  const statement = (link: Link) => noteStatement({ id, about, clock, private_sha256 }, link)
  await appendToVisit(
    visit,
    { id, kind: 'note.add', clock, subject: visit.title, said: { text }, statement, private: part },
    over,
  )
}

export interface Cosigner {
  party: 'officer' | 'unit'
  outcome: 'signed' | 'refused'
  name: string
  post: string
  reason: string
  /** An officer's account, when chosen from the team. */
  person: string | null
  /** The signature drawn on the glass, as SVG path data. */
  ink: string | null
}

/** The one kind of statement that may stand after a seal. */
export async function cosignSeal(seal: StatementRow, subject: string, by: Cosigner): Promise<void> {
  const digest = seal.said.digest
  if (!digest) throw new Error('only a seal made by this phone can be cosigned on it')
  const id = newId()
  const clock = clockNow()
  const reason = by.outcome === 'refused' ? by.reason : null
  const part = secret({ name: by.name, post: by.post, person: by.person, reason, ink: by.ink })
  const private_sha256 = await sha256(part)
  const statement = (link: Link) =>
    cosignStatement({ id, seal: digest, party: by.party, outcome: by.outcome, clock, private_sha256 }, link)
  const said: Said = {
    seal: seal.id,
    party: by.party,
    outcome: by.outcome,
    name: by.name,
    post: by.post,
    ...(reason === null ? {} : { reason }),
  }
  await withChain(() =>
    whileMoving(async () => {
      const session = await durable(() => db.sessions.get(seal.session_id))
      if (!session) throw new Error('the chain of this seal is gone')
      await append(session, { id, kind: 'session.cosign', clock, subject, said, statement, private: part })
    }),
  )
}
