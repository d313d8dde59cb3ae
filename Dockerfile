# Sluice in one image: `docker compose up` builds it. Written for, but not yet run on, a machine with Docker.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY web/package.json web/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist dist
COPY --from=build --chown=root:root /app/web/package.json web/
COPY --from=build --chown=root:root /app/web/dist web/dist
COPY --from=build --chown=root:root /app/bin bin
COPY --from=build --chown=root:root /app/definitions definitions
# Nothing in the image belongs to the user that runs it, and its file system can be mounted read-only.
USER node
EXPOSE 3000
# Young objects get 64 MiB a half: what waits for a commit is then not copied over and over. See docs/operations.md.
CMD ["node", "--max-semi-space-size=64", "dist/src/main.js"]
