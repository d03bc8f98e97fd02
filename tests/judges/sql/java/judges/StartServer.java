package judges;

import io.trino.server.Server;

/** Trino's server without its launcher. */
public final class StartServer {
    private StartServer() {}

    public static void main(String[] version) {
        new Server().start(version[0]);
    }
}
