# itsupc alone, in an image of nothing else:
#   docker build -t itsupc .
#   docker run --rm --user "$(id -u)" -v "$PWD:/workspace" itsupc check
FROM debian:12-slim AS build
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources && \
    apt-get update && \
    apt-get install -y --no-install-recommends gcc libc6-dev musl-tools cmake make flex bison dpkg-dev
# Debian's libyaml is made for its own C library: this one is made for musl, from the same sources.
WORKDIR /libyaml
RUN apt-get source libyaml && \
    cmake -S libyaml-*/ -B build -DCMAKE_C_COMPILER=musl-gcc -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX=/musl && \
    cmake --build build --target install
COPY . /itsupc
RUN cmake -S /itsupc -B /build -DCMAKE_C_COMPILER=musl-gcc -DITSUPC_STATIC=ON -DCMAKE_PREFIX_PATH=/musl && \
    cmake --build /build --target itsupc -j 2 && \
    strip /build/itsupc

FROM scratch
COPY --from=build /build/itsupc /itsupc
COPY LICENSE /LICENSE
WORKDIR /workspace
ENTRYPOINT ["/itsupc"]
