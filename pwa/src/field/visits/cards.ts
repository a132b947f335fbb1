import { sharedLive } from '../db/live'
import { visitCards } from './local'

/** Today's list and the capture button look at the same visits. */
export const useVisitCards = sharedLive(visitCards)
