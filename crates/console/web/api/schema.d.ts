// Written by `npm run types` from /api; not by hand.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 入口
         * @description Landing page
         */
        get: operations["getLanding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conformance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 符合的规范
         * @description Conformance classes
         */
        get: operations["getConformance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/console/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 控制台
         * @description The web console
         */
        get: operations["getConsole"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 接口描述
         * @description This description
         */
        get: operations["getApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 存活探针
         * @description The process runs
         */
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 就绪探针
         * @description Reads are answered
         */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 监控指标
         * @description Prometheus metrics
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 数据集列表
         * @description The collections
         */
        get: operations["getCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 数据集
         * @description A collection
         */
        get: operations["getCollectionsCollection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录的 JSON Schema
         * @description JSON Schema of its records
         */
        get: operations["getCollectionsCollectionSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/queryables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 可查询字段
         * @description Fields a filter may name
         */
        get: operations["getCollectionsCollectionQueryables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 检索
         * @description Search; any queryable field is a parameter too
         */
        get: operations["getCollectionsCollectionItems"];
        put?: never;
        /**
         * 新增记录
         * @description A new record
         */
        post: operations["postCollectionsCollectionItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 单条记录
         * @description One record
         */
        get: operations["getCollectionsCollectionItemsId"];
        /**
         * 整体替换本部门的记录
         * @description All that the department says of a record
         */
        put: operations["putCollectionsCollectionItemsId"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * 修改部分字段：变更、更正、补录
         * @description Some fields of a record: a change, a correction, a late arrival
         */
        patch: operations["patchCollectionsCollectionItemsId"];
        trace?: never;
    };
    "/collections/{collection}/items/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 自某日起终止
         * @description The department says nothing of it from a day on
         */
        post: operations["postCollectionsCollectionItemsIdEnd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/retract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤回一条陈述
         * @description A statement on it is withdrawn, from now on
         */
        post: operations["postCollectionsCollectionItemsIdRetract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 并入另一条记录
         * @description It is another record: its id leads there
         */
        post: operations["postCollectionsCollectionItemsIdMerge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 拆分出新记录
         * @description Statements on it are of a new record
         */
        post: operations["postCollectionsCollectionItemsIdSplit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/dispute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 字段异议：提出、受理、核实、撤销
         * @description A field is in doubt: raised, accepted, verified, removed
         */
        post: operations["postCollectionsCollectionItemsIdDispute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录的全部版本
         * @description Every version of a record
         */
        get: operations["getCollectionsCollectionItemsIdVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/items/{id}/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 记录的来源陈述
         * @description Who said what of a record
         */
        get: operations["getCollectionsCollectionItemsIdStatements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 各来源说法不一的字段
         * @description Fields of which sources say different things
         */
        get: operations["getCollectionsCollectionConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/responsibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 责任部门与更新情况
         * @description Who answers for what, and what is overdue
         */
        get: operations["getResponsibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections/{collection}/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 按主键批量查找
         * @description Records by natural key, up to 1000
         */
        post: operations["postCollectionsCollectionLookup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 统一查询
         * @description The unified query
         */
        post: operations["postQuery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 跨库全文检索
         * @description One ranked list across the registers
         */
        get: operations["getSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 装载列表，最新在前
         * @description The loads, newest first
         */
        get: operations["getLoads"];
        put?: never;
        /**
         * 上传数据文件并试装
         * @description Take in a file of any size, and rehearse it
         */
        post: operations["postLoads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 单次装载
         * @description One load
         */
        get: operations["getLoadsLoad"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 装载进度事件流
         * @description A load as it goes on, as server-sent events
         */
        get: operations["getLoadsLoadEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 试装报告
         * @description What a load would change, or has; also as a page
         */
        get: operations["getLoadsLoadReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 拒收行（原编码、原列序）
         * @description The rows refused, as they came, to mend and send back
         */
        get: operations["getLoadsLoadRejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 权责提示（来源部门不负责的字段）
         * @description Rows that say what their department does not answer for
         */
        get: operations["getLoadsLoadNotices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发布
         * @description Publish a rehearsed load
         */
        post: operations["postLoadsLoadPublish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 撤销
         * @description Undo a published load, by a load of its own
         */
        post: operations["postLoadsLoadUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/loads/{load}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 丢弃上传的文件
         * @description Throw an upload away
         */
        post: operations["postLoadsLoadDiscard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 来源映射列表
         * @description The source mappings
         */
        get: operations["getSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sources/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 来源映射
         * @description A source mapping: its columns
         */
        get: operations["getSourcesSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * 户
         * @description 户籍登记的家庭户与集体户。
         */
        household: {
            /** 户号 */
            householdNumber: string;
            /** 户类型 */
            kind?: string & ("1" | "2");
            /** 户主 */
            head?: string;
            /** 住址 */
            address?: string;
            /** 立户日期 */
            established?: string;
            /** 住址文本 */
            readonly addressText?: string;
            /** 所在区划 */
            readonly division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            readonly location?: unknown;
        };
        /**
         * 自然人
         * @description 在本市登记的自然人：身份、住址、家庭与婚姻状况。
         */
        person: {
            /**
             * 公民身份号码
             * @description 18 位；15 位旧号装载时升为 18 位。
             */
            identityNumber: string;
            /** 姓名 */
            name: string;
            /** 曾用名 */
            formerNames?: string[];
            /** 性别 */
            sex?: string & ("0" | "1" | "2" | "9");
            /** 民族 */
            ethnicGroup?: string & ("01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "30" | "31" | "32" | "33" | "34" | "35" | "36" | "37" | "38" | "39" | "40" | "41" | "42" | "43" | "44" | "45" | "46" | "47" | "48" | "49" | "50" | "51" | "52" | "53" | "54" | "55" | "56");
            /** 出生日期 */
            birthDate?: string;
            /** 出生地 */
            birthplace?: string;
            /** 户籍地址 */
            registeredAddress?: string;
            /** 现住址 */
            currentAddress?: string;
            /** 所属户 */
            household?: string;
            /** 与户主关系 */
            householdRole?: string & ("01" | "02" | "10" | "11" | "12" | "20" | "30" | "40" | "50" | "51" | "52" | "60" | "70" | "80");
            /** 婚姻状况 */
            maritalStatus?: string & ("10" | "20" | "21" | "22" | "23" | "30" | "40" | "90");
            /** 文化程度 */
            education?: string & ("10" | "20" | "30" | "40" | "60" | "70" | "80" | "90");
            /** 死亡日期 */
            deathDate?: string;
            /**
             * 住址
             * @description 现住址的文本；没有现住址时为户籍地址。
             */
            readonly addressText?: string;
            /** 所在区划 */
            readonly division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            readonly location?: unknown;
        };
        /**
         * 法人和其他组织
         * @description 企业、个体工商户、机关、事业单位、社会组织等具有统一社会信用代码的主体。
         */
        organization: {
            /** 统一社会信用代码 */
            creditCode: string;
            /** 名称 */
            name: string;
            /** 曾用名称 */
            formerNames?: string[];
            /**
             * 工商注册号
             * @description 换发统一社会信用代码以前的 15 位注册号。
             */
            businessNumber?: string;
            /** 全球法人识别编码 */
            legalEntityIdentifier?: string;
            /**
             * 组织机构代码
             * @description 统一社会信用代码的第 9 至 17 位。
             */
            readonly organizationCode?: string;
            /**
             * 组织类型
             * @description 登记管理部门与机构类别（信用代码前两位）。
             */
            readonly legalForm?: string & ("11" | "12" | "13" | "19" | "21" | "29" | "31" | "32" | "33" | "34" | "35" | "39" | "41" | "49" | "51" | "52" | "53" | "59" | "61" | "62" | "69" | "71" | "72" | "79" | "81" | "89" | "91" | "92" | "93" | "A1" | "A9" | "N1" | "N2" | "N3" | "N9" | "Y1");
            /** 行业 */
            industry?: string;
            /** 经济类型 */
            economicType?: string & ("100" | "110" | "120" | "130" | "140" | "141" | "142" | "143" | "149" | "150" | "151" | "159" | "160" | "170" | "171" | "172" | "173" | "174" | "175" | "179" | "190" | "200" | "210" | "220" | "230" | "240" | "290" | "300" | "310" | "320" | "330" | "340" | "390" | "900");
            /**
             * 注册资本
             * @description 以币种的基本单位计（人民币为元）。
             */
            registeredCapital?: number;
            /** 币种 */
            currency?: string & ("156" | "840" | "344" | "446" | "901" | "978" | "392" | "826" | "410" | "702" | "036" | "124" | "756" | "643");
            /** 法定代表人 */
            legalRepresentative?: string;
            /** 成立日期 */
            founded?: string;
            /** 登记状态 */
            status?: string & ("1" | "2" | "3" | "4" | "5" | "6" | "9");
            /** 状态日期 */
            statusDate?: string;
            /** 登记机关 */
            registrar?: string;
            /** 住所 */
            registeredAddress?: string;
            /** 经营场所 */
            businessAddress?: string;
            /** 经营范围 */
            scope?: string;
            /** 从业人数 */
            employees?: number;
            /**
             * 地址
             * @description 住所的文本；没有住所时为经营场所。
             */
            readonly addressText?: string;
            /** 所在区划 */
            readonly division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            readonly location?: unknown;
        };
        /**
         * 地址
         * @description 标准地址：由区划、道路、门牌、楼栋、单元、楼层、房号组成，附坐标。
         */
        address: {
            /**
             * 地址编码
             * @description 地址的唯一编码，按来源给出的文本保存；各段长度不在此规定。
             */
            code: string;
            /** 地址全称 */
            text: string;
            /** 所在区划 */
            division?: string;
            /** 道路 */
            road?: string;
            /** 道路名称 */
            roadName?: string;
            /** 门牌号 */
            roadNumber?: string;
            /** 小区 */
            community?: string;
            /** 建筑物 */
            building?: string;
            /** 楼栋号 */
            buildingNumber?: string;
            /** 单元 */
            unit?: string;
            /** 楼层 */
            floor?: string;
            /** 房号 */
            room?: string;
            /** 邮政编码 */
            postcode?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            location?: unknown;
        };
        /**
         * 建筑物
         * @description 建筑物的用途、层数、高度与轮廓。
         */
        building: {
            /** 建筑物编码 */
            code: string;
            /** 名称 */
            name?: string;
            /** 用途 */
            use?: string & ("residential" | "commercial" | "office" | "mixed" | "industrial" | "storage" | "education" | "medical" | "culture" | "transport" | "government" | "utility" | "religious" | "agricultural" | "other");
            /** 地上层数 */
            floors?: number;
            /** 高度 */
            height?: number;
            /** 竣工日期 */
            completed?: string;
            /** 所在区划 */
            division?: string;
            /**
             * 轮廓
             * Format: geometry-any
             */
            footprint?: unknown;
        };
        /**
         * 行政区划
         * @description 省、市、县、乡、村五级区划。撤销的代码保留并注明终止日期，不再使用。
         */
        division: {
            /**
             * 区划代码
             * @description 12 位，不足的在右侧补零；000000000000 为全国。
             */
            code: string;
            /** 名称 */
            name: string;
            /** 级别 */
            readonly level?: string & ("nation" | "province" | "city" | "county" | "town" | "village");
            /** 上级区划 */
            readonly parent?: string;
            /**
             * 类型
             * @description 由代码中乡级、村级部分的号段得出。
             */
            readonly kind?: string & ("street" | "town" | "township" | "quasi-town" | "residents-committee" | "villagers-committee" | "quasi-village");
            /**
             * 后继区划
             * @description 代码终止后由哪些区划承接。
             */
            successor?: string[];
            /**
             * 边界
             * Format: geometry-any
             */
            boundary?: unknown;
        };
        /**
         * 地名地物
         * @description 学校、医院、公园、车站等有名称的地点。
         */
        place: {
            /** 地点编码 */
            code: string;
            /** 名称 */
            name: string;
            /** 别名 */
            otherNames?: string[];
            /** 类别 */
            kind?: string & ("school" | "kindergarten" | "university" | "hospital" | "clinic" | "pharmacy" | "park" | "square" | "station" | "metro-station" | "bus-stop" | "airport" | "port" | "parking" | "government" | "police" | "fire-station" | "court" | "post-office" | "bank" | "market" | "mall" | "hotel" | "library" | "museum" | "theatre" | "stadium" | "temple" | "church" | "mosque" | "cemetery" | "bridge" | "tunnel" | "river" | "lake" | "mountain" | "village" | "compound" | "community-centre" | "elderly-home" | "other");
            /** 地址 */
            address?: string;
            /** 管理单位 */
            operator?: string;
            /** 所在区划 */
            division?: string;
            /**
             * 位置
             * Format: geometry-point
             */
            location?: unknown;
        };
        /**
         * 道路
         * @description 道路的名称、等级与中心线。
         */
        road: {
            /** 道路编码 */
            code: string;
            /** 名称 */
            name: string;
            /** 等级 */
            class?: string & ("expressway" | "arterial" | "secondary" | "branch" | "motorway" | "national" | "provincial" | "county" | "township" | "lane" | "other");
            /** 长度 */
            length?: number;
            /**
             * 所在区划
             * @description 包含整条道路的最小区划。
             */
            division?: string;
            /**
             * 中心线
             * Format: geometry-any
             */
            line?: unknown;
        };
        /**
         * 统计指标
         * @description 宏观经济与社会发展统计指标的定义。
         */
        indicator: {
            /** 指标代码 */
            code: string;
            /** 指标名称 */
            name: string;
            /** 专题 */
            topic?: string;
            /** 计量单位 */
            unit?: string;
            /** 频度 */
            frequency?: string & ("A" | "S" | "Q" | "M");
            /** 指标解释 */
            definition?: string;
            /** 数据来源 */
            source?: string;
        };
        /**
         * 统计数据
         * @description 某指标在某地区某时期的数值；修订以不同的发布版本并存。
         */
        observation: {
            /** 指标 */
            indicator: string;
            /** 地区 */
            region: string;
            /** 时期 */
            period: string;
            /**
             * 发布版本
             * @description 发布日期或版次；缺省为唯一版本。
             */
            vintage?: string;
            /**
             * 性别
             * @description 分性别数据才有。
             */
            sex?: string & ("0" | "1" | "2" | "9");
            /**
             * 年龄组
             * @description 分年龄数据才有：0-4、5-9……100+。
             */
            ageGroup?: string;
            /** 数值 */
            value: number;
            /** 计量单位 */
            unit?: string;
            /** 数据状态 */
            status?: string & ("A" | "B" | "D" | "E" | "F" | "G" | "I" | "L" | "M" | "N" | "O" | "P" | "Q" | "S" | "U" | "V");
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            parameter?: string;
            problems?: {
                /** @description RFC 6901, into the request's body */
                pointer: string;
                code: string;
                detail: string;
                found?: string;
                expected?: string;
            }[];
            messages?: {
                zh?: string;
                en?: string;
            };
        };
        Query: {
            from: string;
            q?: string;
            /** @description CQL2 text, or CQL2 JSON */
            filter?: string | Record<string, never> | boolean;
            near?: {
                lon: number;
                lat: number;
                metres?: number;
                k?: number;
            };
            select?: string[];
            expand?: string[];
            sort?: string[];
            /** @description sex, division:county, year:birthDate, month:birthDate, grid:1000 */
            group?: (string | Record<string, never>)[];
            /** @description count, count:field, sum:field, min:field, max:field, mean:field */
            measures?: string[];
            limit?: number;
            cursor?: string;
            validAt?: string;
            knownAt?: string;
            explain?: boolean;
        };
        Lookup: {
            keys: unknown[];
            validAt?: string;
            knownAt?: string;
        };
        /** @description A GeoJSON feature. Of a PATCH, fields not named stay, and null takes a value away */
        Written: {
            /** @constant */
            type?: "Feature";
            id?: string;
            geometry?: Record<string, never> | null;
            /** @description Fields as the collection's JSON Schema has them; references as ids or natural keys */
            properties?: Record<string, never>;
            /** @description The first day on which it holds */
            validFrom?: string | null;
            /** @description The first day on which it no longer does. Without it, what the department has said to begin later stands; '..' is an open end that does not stop there */
            validTo?: string | null;
            department?: string;
        };
        End: {
            /**
             * Format: date
             * @description The first day on which it holds no more; default today
             */
            from?: string;
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        Retract: {
            statement?: "last" | number[];
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        Merge: {
            /** @description The id of the other record */
            into: string;
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        Dispute: {
            /** @description The field's name */
            field: string;
            /**
             * @default raised
             * @enum {string}
             */
            state: "raised" | "accepted" | "verified" | "removed";
            /** @description Why; up to 1000 characters */
            note?: string;
            /** @description Who speaks, where the header does not say */
            department?: string;
        };
        /** @description The properties are of the new record, its natural key as a rule */
        Split: {
            /** @constant */
            type?: "Feature";
            statements: number[][];
            geometry?: Record<string, never> | null;
            /** @description Fields as the collection's JSON Schema has them; references as ids or natural keys */
            properties?: Record<string, never>;
            /** @description The first day on which it holds */
            validFrom?: string | null;
            /** @description The first day on which it no longer does. Without it, what the department has said to begin later stands; '..' is an open end that does not stop there */
            validTo?: string | null;
            department?: string;
        };
    };
    responses: never;
    parameters: {
        /** @description Only loads in this state */
        state: string;
        /** @description A source mapping of /sources */
        source: string;
        /** @description The file's name */
        file: string;
        /** @description The day from which the file holds; default today */
        asOf: string;
        /** @description How many rows may be rejected: 100, or 1%; default 0 */
        maxRejects: string;
        /** @description Who asks, as they call themselves */
        by: string;
        /** @description Who speaks, a key of the departments; or the body's member department */
        "Jiku-Department": string;
        /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
        "Idempotency-Key": string;
        /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
        "If-Match": string;
        /** @description 全文检索：各短语均须出现，次序不限 · full text */
        q: string;
        /** @description west,south,east,north; across the antimeridian where west > east */
        bbox: number[];
        /** @description A day or instant, or an interval of them: 2024-03-01/2024-03-31, 2024-03-01/.., ../2024-03-31. Of each record the last state that holds on some of these days */
        datetime: string;
        /** @description CQL2; at most 4096 bytes and 64 levels */
        filter: string;
        "filter-lang": "cql2-text" | "cql2-json";
        /** @description CRS84, EPSG:4490 or EPSG:4326, treated as one; coordinates are always longitude, latitude */
        "filter-crs": string;
        /** @description CRS84, EPSG:4490 or EPSG:4326, treated as one; coordinates are always longitude, latitude */
        crs: string;
        /** @description Up to three fields, - before one for descending: -birthDate,name */
        sortby: string;
        /** @description Only these fields */
        properties: string;
        limit: number;
        /** @description From the link 'next' of the page before */
        cursor: string;
        /** @description True on this day; default today */
        validAt: string;
        /** @description As known at this day's end or instant; default now */
        knownAt: string;
        f: "geojson" | "json" | "csv" | "ndjson" | "series" | "html";
        /** @description Only conflicts about this field */
        field: string;
        /** @description References to follow: household,household.head */
        expand: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getLanding: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Landing page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConformance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Conformance classes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConsole: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The web console */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.oai.openapi+json;version=3.1": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reads are answered */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collections */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionSchema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema of its records */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionQueryables: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fields a filter may name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItems: {
        parameters: {
            query?: {
                /** @description 全文检索：各短语均须出现，次序不限 · full text */
                q?: components["parameters"]["q"];
                /** @description west,south,east,north; across the antimeridian where west > east */
                bbox?: components["parameters"]["bbox"];
                /** @description A day or instant, or an interval of them: 2024-03-01/2024-03-31, 2024-03-01/.., ../2024-03-31. Of each record the last state that holds on some of these days */
                datetime?: components["parameters"]["datetime"];
                /** @description CQL2; at most 4096 bytes and 64 levels */
                filter?: components["parameters"]["filter"];
                "filter-lang"?: components["parameters"]["filter-lang"];
                /** @description CRS84, EPSG:4490 or EPSG:4326, treated as one; coordinates are always longitude, latitude */
                "filter-crs"?: components["parameters"]["filter-crs"];
                /** @description CRS84, EPSG:4490 or EPSG:4326, treated as one; coordinates are always longitude, latitude */
                crs?: components["parameters"]["crs"];
                /** @description Up to three fields, - before one for descending: -birthDate,name */
                sortby?: components["parameters"]["sortby"];
                /** @description Only these fields */
                properties?: components["parameters"]["properties"];
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
                f?: components["parameters"]["f"];
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Search; any queryable field is a parameter too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItems: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Written"];
            };
        };
        responses: {
            /** @description A new record */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItemsId: {
        parameters: {
            query?: {
                /** @description References to follow: household,household.head */
                expand?: components["parameters"]["expand"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putCollectionsCollectionItemsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Written"];
            };
        };
        responses: {
            /** @description All that the department says of a record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchCollectionsCollectionItemsId: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Written"];
            };
        };
        responses: {
            /** @description Some fields of a record: a change, a correction, a late arrival */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdEnd: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["End"];
            };
        };
        responses: {
            /** @description The department says nothing of it from a day on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdRetract: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Retract"];
            };
        };
        responses: {
            /** @description A statement on it is withdrawn, from now on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdMerge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge"];
            };
        };
        responses: {
            /** @description It is another record: its id leads there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdSplit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Split"];
            };
        };
        responses: {
            /** @description Statements on it are of a new record */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionItemsIdDispute: {
        parameters: {
            query?: never;
            header?: {
                /** @description Who speaks, a key of the departments; or the body's member department */
                "Jiku-Department"?: components["parameters"]["Jiku-Department"];
                /** @description Up to 255 characters. Sent again with the same key, the same call is answered as it was and not carried out twice; for 24 hours */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The ETag that came with the record, or *. Required where a record is changed, replaced or ended */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Dispute"];
            };
        };
        responses: {
            /** @description A field is in doubt: raised, accepted, verified, removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItemsIdVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every version of a record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionItemsIdStatements: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who said what of a record */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionsCollectionConflicts: {
        parameters: {
            query?: {
                /** @description Only conflicts about this field */
                field?: components["parameters"]["field"];
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
            };
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Fields of which sources say different things */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getResponsibility: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who answers for what, and what is overdue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCollectionsCollectionLookup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                collection: "household" | "person" | "organization" | "address" | "building" | "division" | "place" | "road" | "indicator" | "observation";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Lookup"];
            };
        };
        responses: {
            /** @description Records by natural key, up to 1000 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postQuery: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Query"];
            };
        };
        responses: {
            /** @description The unified query */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/geo+json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSearch: {
        parameters: {
            query?: {
                /** @description 全文检索：各短语均须出现，次序不限 · full text */
                q?: components["parameters"]["q"];
                limit?: components["parameters"]["limit"];
                /** @description True on this day; default today */
                validAt?: components["parameters"]["validAt"];
                /** @description As known at this day's end or instant; default now */
                knownAt?: components["parameters"]["knownAt"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One ranked list across the registers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoads: {
        parameters: {
            query?: {
                /** @description Only loads in this state */
                state?: components["parameters"]["state"];
                /** @description A source mapping of /sources */
                source?: components["parameters"]["source"];
                limit?: components["parameters"]["limit"];
                /** @description From the link 'next' of the page before */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The loads, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoads: {
        parameters: {
            query?: {
                /** @description A source mapping of /sources */
                source?: components["parameters"]["source"];
                /** @description The file's name */
                file?: components["parameters"]["file"];
                /** @description The day from which the file holds; default today */
                asOf?: components["parameters"]["asOf"];
                /** @description How many rows may be rejected: 100, or 1%; default 0 */
                maxRejects?: components["parameters"]["maxRejects"];
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Take in a file of any size, and rehearse it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoad: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One load */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A load as it goes on, as server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadReport: {
        parameters: {
            query?: {
                f?: components["parameters"]["f"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a load would change, or has; also as a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadRejects: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows refused, as they came, to mend and send back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLoadsLoadNotices: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rows that say what their department does not answer for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoadsLoadPublish: {
        parameters: {
            query?: {
                /** @description How many rows may be rejected: 100, or 1%; default 0 */
                maxRejects?: components["parameters"]["maxRejects"];
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Publish a rehearsed load */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoadsLoadUndo: {
        parameters: {
            query?: {
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Undo a published load, by a load of its own */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postLoadsLoadDiscard: {
        parameters: {
            query?: {
                /** @description Who asks, as they call themselves */
                by?: components["parameters"]["by"];
            };
            header?: never;
            path: {
                load: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Throw an upload away */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description It goes on: see Location */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source mappings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSourcesSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A source mapping: its columns */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
