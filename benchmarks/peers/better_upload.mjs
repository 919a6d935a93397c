// better-upload behind Hono, one of the servers in its documentation: better_upload.mjs PORT
import { serve } from '@hono/node-server'
import { handleRequest, route } from 'better-upload/server'
import { minio } from 'better-upload/server/helpers'
import { Hono } from 'hono'

const router = {
  client: minio({
    endpoint: process.env.BENCH_ENDPOINT,
    region: process.env.BENCH_REGION,
    accessKeyId: process.env.BENCH_KEY_ID,
    secretAccessKey: process.env.BENCH_SECRET,
  }),
  bucketName: process.env.BENCH_BUCKET,
  routes: {
    videos: route({
      fileTypes: ['video/*'],
      maxFileSize: 10 * 1024 ** 3,
      signedUrlExpiresIn: 3600,
    }),
  },
}

const app = new Hono()
app.post('/upload', (context) => handleRequest(context.req.raw, router))
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.argv[2]) })
