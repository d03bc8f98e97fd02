package judges;

import io.trino.filesystem.local.LocalFileSystemFactory;
import io.trino.plugin.hive.InternalHiveConnectorFactory;
import io.trino.spi.Plugin;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Hive connector over one local folder (locations {@code local:///...}): version 435 has no HDFS to be had. */
public final class LocalHivePlugin implements Plugin {
    @Override
    public Iterable<ConnectorFactory> getConnectorFactories() {
        return List.of(new LocalHive());
    }

    private static final class LocalHive implements ConnectorFactory {
        @Override
        public String getName() {
            return "hive_local";
        }

        @Override
        public Connector create(String catalog, Map<String, String> given, ConnectorContext context) {
            Map<String, String> config = new HashMap<>(given);
            Path root = Path.of(config.remove("local.root")).toAbsolutePath().normalize();
            return InternalHiveConnectorFactory.createConnector(
                    catalog, config, context, binder -> {},
                    Optional.empty(), Optional.of(new LocalFileSystemFactory(root)), Optional.empty());
        }
    }
}
