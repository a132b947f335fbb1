/**
 * tus 1.0 in the few lines we need: creation (with the whole body when it is small), resume from the server's offset,
 * a SHA-256 checksum on every part. It keeps no state: the caller persists the upload's address and offset.
 */
import type { Problem, UploadReceipt } from '@shared/api/contract'
import { problemOf, Refused, type RequestOptions } from '@shared/kit/api'
import { base64, fromBase64url, utf8 } from '@shared/kit/crypto/encoding'
import { sha256 } from '@shared/kit/crypto/keys'

export interface TusFile {
  blob: Blob
  endpoint: string
  metadata: Record<string, string>
  /** Address of an upload begun earlier. */
  url: string | null
  signal?: AbortSignal
  onUrl(url: string): Promise<void>
  onOffset(offset: number): Promise<void>
}

export type Send = (path: string, options: RequestOptions) => Promise<Response>

const VERSION = { 'Tus-Resumable': '1.0.0' }
const MIB = 1 << 20
const SMALLEST = MIB
const LARGEST = 5 * MIB
/** Grow while parts arrive quickly, shrink when they do not: a lost part then costs little. */
const QUICK_MS = 1_500
const SLOW_MS = 8_000
const PART_TIMEOUT_MS = 120_000
const RESYNCS = 5

export function nextPartSize(size: number, tookMs: number): number {
  if (tookMs < QUICK_MS) return Math.min(LARGEST, size * 2)
  return tookMs > SLOW_MS ? Math.max(SMALLEST, size / 2) : size
}

export function encodeMetadata(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${base64(utf8(value))}`)
    .join(',')
}

export function receiptOf(headers: Headers): UploadReceipt | null {
  const text = headers.get('Upload-Receipt')
  if (!text) return null
  return JSON.parse(new TextDecoder().decode(fromBase64url(text))) as UploadReceipt
}

const offsetOf = (headers: Headers): number | null => {
  const text = headers.get('Upload-Offset')
  return text === null || !/^\d+$/.test(text) ? null : Number(text)
}

async function refuse(response: Response): Promise<never> {
  throw new Refused(await problemOf(response), response.headers)
}

async function part(blob: Blob): Promise<{ body: ArrayBuffer; headers: Record<string, string> }> {
  const body = await blob.arrayBuffer()
  return {
    body,
    headers: {
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Checksum': `sha256 ${base64(await sha256(body))}`,
    },
  }
}

class Lost extends Error {}

/** Sends the file and returns the server's receipt; throws `Refused` or `Unreachable`. Safe to call again at any time. */
export async function upload(file: TusFile, send: Send): Promise<UploadReceipt> {
  for (let round = 0; ; round++) {
    try {
      return (file.url ? await resume(file, file.url, send) : null) ?? (await create(file, send))
    } catch (error) {
      if (!(error instanceof Lost) || round === 2) throw error
      file.url = null
    }
  }
}

async function create(file: TusFile, send: Send): Promise<UploadReceipt> {
  const whole = file.blob.size <= SMALLEST ? await part(file.blob) : null
  const response = await send(file.endpoint, {
    method: 'POST',
    headers: {
      ...VERSION,
      'Upload-Length': String(file.blob.size),
      'Upload-Metadata': encodeMetadata(file.metadata),
      ...whole?.headers,
    },
    body: whole?.body ?? '',
    timeoutMs: PART_TIMEOUT_MS,
    signal: file.signal,
  })
  const receipt = receiptOf(response.headers)
  // 409 already_received carries the receipt of the object that stands: that is success.
  if (receipt) return receipt
  if (!response.ok) await refuse(response)
  const location = response.headers.get('Location')
  if (!location) return refuse(response)
  const url = new URL(location, new URL(file.endpoint, globalThis.location?.href ?? 'http://localhost/'))
    .pathname
  file.url = url
  await file.onUrl(url)
  return continueFrom(file, url, offsetOf(response.headers) ?? 0, send)
}

/** The receipt of a file that was sent before and is no longer here, if the server still has it in its store. */
export async function claimHeld(
  file: Pick<TusFile, 'endpoint' | 'metadata'> & { bytes: number },
  send: Send,
): Promise<UploadReceipt> {
  const response = await send(file.endpoint, {
    method: 'POST',
    headers: {
      ...VERSION,
      'Upload-Length': String(file.bytes),
      'Upload-Metadata': encodeMetadata({ ...file.metadata, held: '1' }),
    },
    body: '',
    timeoutMs: PART_TIMEOUT_MS,
  })
  return receiptOf(response.headers) ?? refuse(response)
}

/** Null when the server no longer knows the upload: begin again. */
async function resume(file: TusFile, url: string, send: Send): Promise<UploadReceipt | null> {
  const response = await send(url, { method: 'HEAD', headers: VERSION, signal: file.signal })
  if (response.status === 404 || response.status === 410) return null
  if (!response.ok) {
    const problem: Problem = { status: response.status, code: `http_${response.status}` }
    throw new Refused(problem, response.headers)
  }
  const receipt = receiptOf(response.headers)
  if (receipt) return receipt
  const offset = offsetOf(response.headers)
  // Complete without a receipt: the answer was lost. Creating again is answered with the receipt.
  if (offset === null || offset >= file.blob.size) return null
  await file.onOffset(offset)
  return continueFrom(file, url, offset, send)
}

async function continueFrom(file: TusFile, url: string, start: number, send: Send): Promise<UploadReceipt> {
  let offset = start
  let size = SMALLEST
  let resyncs = 0
  while (offset < file.blob.size) {
    const began = performance.now()
    const { body, headers } = await part(file.blob.slice(offset, offset + size))
    const response = await send(url, {
      method: 'PATCH',
      headers: { ...VERSION, 'Upload-Offset': String(offset), ...headers },
      body,
      timeoutMs: PART_TIMEOUT_MS,
      signal: file.signal,
    })
    if (response.status === 404 || response.status === 410) throw new Lost()
    if (response.status === 409 || response.status === 460) {
      resyncs += 1
      if (resyncs > RESYNCS) await refuse(response)
      // The server's offset is the truth. A damaged part (460) left the offset where it was.
      offset = response.status === 460 ? offset : await trueOffset(response, url, file, send)
      continue
    }
    if (!response.ok) await refuse(response)
    const receipt = receiptOf(response.headers)
    if (receipt) return receipt
    offset = offsetOf(response.headers) ?? offset + body.byteLength
    await file.onOffset(offset)
    size = nextPartSize(size, performance.now() - began)
  }
  throw new Lost()
}

async function trueOffset(response: Response, url: string, file: TusFile, send: Send): Promise<number> {
  const told = offsetOf(response.headers)
  if (told !== null) return told
  const head = await send(url, { method: 'HEAD', headers: VERSION, signal: file.signal })
  const offset = head.ok ? offsetOf(head.headers) : null
  if (offset === null) throw new Lost()
  return offset
}
