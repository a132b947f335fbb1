import { base64url, utf8 } from '@shared/kit/crypto/encoding'
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeMetadata, nextPartSize, type Send, type TusFile, upload } from './tus'

const MIB = 1 << 20
const RECEIPT = {
  capture_id: 'c',
  role: 'original',
  sha256: 'ab',
  bytes: 1,
  received_at: '2026-05-25T09:30:00Z',
}
const receiptHeader = base64url(utf8(JSON.stringify(RECEIPT)))

/** A tus server in memory, with the accidents a test asks for. */
class Server {
  offset = 0
  length = 0
  known = false
  requests: string[] = []
  /** Called before a request is answered; may answer instead, or throw as a lost network does. */
  accident: (method: string, count: number) => Response | undefined = () => undefined

  send: Send = async (_path, options) => {
    const method = options.method ?? 'GET'
    this.requests.push(method)
    const early = this.accident(method, this.requests.length)
    if (early) return early
    const headers = new Headers(options.headers)
    if (method === 'POST') {
      this.length = Number(headers.get('Upload-Length'))
      this.known = true
      this.offset = options.body ? (options.body as ArrayBuffer).byteLength : 0
      return this.answer(201, { Location: '/api/uploads/u1' })
    }
    if (!this.known) return new Response(null, { status: 404 })
    if (method === 'HEAD') return this.answer(200)
    if (Number(headers.get('Upload-Offset')) !== this.offset) return this.answer(409)
    this.offset += (options.body as ArrayBuffer).byteLength
    return this.answer(204)
  }

  private answer(status: number, extra: Record<string, string> = {}): Response {
    const done = this.offset === this.length && status < 300 && this.requests.at(-1) !== 'HEAD'
    return new Response(null, {
      status,
      headers: {
        ...extra,
        'Upload-Offset': String(this.offset),
        ...(done ? { 'Upload-Receipt': receiptHeader } : {}),
      },
    })
  }
}

let server: Server
let offsets: number[]
const file = (bytes: number, url: string | null = null): TusFile => ({
  blob: new Blob([new Uint8Array(bytes)]),
  endpoint: '/api/uploads',
  metadata: { capture_id: 'c', role: 'original' },
  url,
  onUrl: async () => {},
  onOffset: async (offset) => void offsets.push(offset),
})

beforeEach(() => {
  server = new Server()
  offsets = []
})

describe('upload', () => {
  it('sends a small file in one request', async () => {
    expect(await upload(file(1000), server.send)).toEqual(RECEIPT)
    expect(server.requests).toEqual(['POST'])
  })

  it('sends a large file in growing parts', async () => {
    expect(await upload(file(9 * MIB), server.send)).toEqual(RECEIPT)
    expect(server.requests).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH', 'PATCH'])
    expect(offsets).toEqual([MIB, 3 * MIB, 7 * MIB])
  })

  it('resumes from the offset of the server, not from zero', async () => {
    server.known = true
    server.length = 4 * MIB
    server.offset = 3 * MIB
    expect(await upload(file(4 * MIB, '/api/uploads/u1'), server.send)).toEqual(RECEIPT)
    expect(server.requests).toEqual(['HEAD', 'PATCH'])
  })

  it('begins again when the upload has expired', async () => {
    expect(await upload(file(MIB + 1, '/api/uploads/gone'), server.send)).toEqual(RECEIPT)
    expect(server.requests.slice(0, 2)).toEqual(['HEAD', 'POST'])
  })

  it('takes the receipt of an object that stands already', async () => {
    server.accident = () => new Response('{}', { status: 409, headers: { 'Upload-Receipt': receiptHeader } })
    expect(await upload(file(1000), server.send)).toEqual(RECEIPT)
  })

  it('asks for the receipt again when the last answer was lost', async () => {
    server.known = true
    server.length = 4 * MIB
    server.offset = 4 * MIB
    server.accident = (method) =>
      method === 'POST'
        ? new Response('{}', { status: 409, headers: { 'Upload-Receipt': receiptHeader } })
        : undefined
    expect(await upload(file(4 * MIB, '/api/uploads/u1'), server.send)).toEqual(RECEIPT)
    expect(server.requests).toEqual(['HEAD', 'POST'])
  })

  it('follows the server when the offsets disagree and repeats a damaged part', async () => {
    let damaged = false
    server.accident = (method, count) => {
      if (method === 'PATCH' && count === 2) server.offset = 512
      if (method === 'PATCH' && count === 3 && !damaged) {
        damaged = true
        return new Response(null, { status: 460 })
      }
      return undefined
    }
    expect(await upload(file(2 * MIB), server.send)).toEqual(RECEIPT)
    expect(server.offset).toBe(2 * MIB)
  })

  it('does not hide a refusal', async () => {
    server.accident = () => Response.json({ code: 'digest_not_in_statement' }, { status: 422 })
    await expect(upload(file(1000), server.send)).rejects.toMatchObject({ code: 'digest_not_in_statement' })
  })
})

describe('parts', () => {
  it('grow while quick and shrink when slow', () => {
    expect(nextPartSize(MIB, 100)).toBe(2 * MIB)
    expect(nextPartSize(4 * MIB, 100)).toBe(5 * MIB)
    expect(nextPartSize(4 * MIB, 20_000)).toBe(2 * MIB)
    expect(nextPartSize(MIB, 20_000)).toBe(MIB)
  })
  it('name the file in base64', () => {
    expect(encodeMetadata({ role: 'original', type: 'image/jpeg' })).toBe(
      'role b3JpZ2luYWw=,type aW1hZ2UvanBlZw==',
    )
  })
})
