import '@shared/kit/tokens.css'
