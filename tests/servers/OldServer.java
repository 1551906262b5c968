/*
 * OldServer.java - a TLS server with everything that others have thrown out:
 * SSLv3, RC4, DES, 3DES, NULL, anonymous and EXPORT suites.  It shakes hands
 * until it is stopped.  Each pair of VERSIONS and SUITES, with commas between,
 * is a server of its own; their ports are printed, one a line.
 * usage: java -Djava.security.properties=FILE OldServer.java KEYSTORE VERSIONS SUITES ...
 */
import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

public class OldServer {
    static void serve(SSLServerSocket server) {
        while (true) {
            try {
                SSLSocket peer = (SSLSocket) server.accept();
                new Thread(() -> shake(peer)).start();
            } catch (java.io.IOException e) {
                return;
            }
        }
    }

    static void shake(SSLSocket peer) {
        try (peer) {
            peer.setSoTimeout(5000);
            peer.startHandshake();
        } catch (java.io.IOException e) {
            // A hello that is never followed up, as expected.
        }
    }

    public static void main(String[] args) throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (FileInputStream in = new FileInputStream(args[0])) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        for (int i = 1; i + 1 < args.length; i += 2) {
            SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
            server.setEnabledProtocols(args[i].split(","));
            server.setEnabledCipherSuites(args[i + 1].split(","));
            new Thread(() -> serve(server)).start();
            System.out.println(server.getLocalPort());
        }
        System.out.flush();
    }
}
