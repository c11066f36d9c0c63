import { fillLargeShop } from './support/large-shop';
(async () => { const t = Date.now(); await fillLargeShop(process.argv[2]!, { products: Number(process.argv[3]), orders: Number(process.argv[4]) }); console.log('filled', (Date.now() - t) / 1000); })().catch((e) => { console.error(e); process.exit(1); });
