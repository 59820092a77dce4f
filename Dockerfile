# The fake of both services: docs/containers.md.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . ./
# Pruning removes @redis/client, which --state needs, because it is an optional peer dependency.
RUN npm run build && cp -R node_modules/@redis redis && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20.20.2-bookworm-slim
LABEL org.opencontainers.image.title="asr-understudy" \
      org.opencontainers.image.description="A scriptable stand-in for the Scriptix and Reson8 realtime speech-to-text services" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
# Listens on every address, as the container has its own. The control API is off until UNDERSTUDY_CONTROL_TOKEN is set.
ENV NODE_ENV=production UNDERSTUDY_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/redis ./node_modules/@redis
COPY --from=build /build/dist ./dist
COPY --from=build /build/scenarios ./scenarios
COPY --from=build /build/fixtures/audio ./fixtures/audio
COPY --from=build /build/examples/node ./examples/node
# The user `node` of the base image, by number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=3 CMD ["node", "/app/dist/cli/health.js"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve"]
