// Uppy's Companion in an Express app, as its README shows it: companion.mjs PORT FOLDER
import * as companion from '@uppy/companion'
import bodyParser from 'body-parser'
import express from 'express'
import session from 'express-session'

const [port, folder] = process.argv.slice(2)

const app = express()
app.use(bodyParser.json())
// A session is stored only if something is put in it; presigning puts nothing in it.
app.use(session({ secret: 'a secret that signs the session', resave: false, saveUninitialized: false }))

const { app: companionApp } = companion.app({
  secret: 'another secret, of Companion itself',
  server: { host: `127.0.0.1:${port}`, protocol: 'http' },
  filePath: folder,
  corsOrigins: true,
  uploadUrls: ['http://127.0.0.1/'],
  metrics: false,
  providerOptions: {},
  s3: {
    bucket: process.env.BENCH_BUCKET,
    endpoint: process.env.BENCH_ENDPOINT,
    region: process.env.BENCH_REGION,
    key: process.env.BENCH_KEY_ID,
    secret: process.env.BENCH_SECRET,
    forcePathStyle: true,
    expires: 3600,
  },
})
app.use(companionApp)
app.listen(Number(port), '127.0.0.1')
