import { defineConfig } from 'vite'
import { face } from './vite.shared.ts'

export default defineConfig(face('desk', '/desk/'))
