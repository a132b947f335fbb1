// Generated from the server by `make api`; do not edit.
/** The greatest length of each text, in characters. */
export const LIMITS = {
  "note": 4000,
  "discard": 2000,
  "field_note": 4000,
  "cosigner": 100,
  "cosigner_post": 200,
  "refusal": 2000,
  "lost_phone": 500,
  "finding": 5000,
  "answer": 5000,
  "clause": 2000,
  "review": 5000,
  "question": 5000,
  "comment": 5000,
  "verdict": 2000,
  "abort": 2000,
  "visit_title": 200,
  "brief": 5000,
  "case_title": 200,
  "facts": 20000,
  "item_title": 300,
  "source_ref": 300,
  "purpose": 500,
  "site_name": 200,
  "site_address": 300
} as const

/** The brands by which a file says that it is HEIC. */
export const HEIC_BRANDS: readonly string[] = ["heic", "heim", "heis", "heix", "hevc", "hevm", "hevs", "hevx", "mif1", "msf1"]
